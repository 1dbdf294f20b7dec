"""Sample deliveries: thirty-one months of every extract, made so that the published figures come out."""
