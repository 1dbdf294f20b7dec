"""Generated catalogues and deliveries, on which the models, the audit and plain definitions must agree."""
