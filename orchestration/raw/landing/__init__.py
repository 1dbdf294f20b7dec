"""From the raw folder into the tables of schema `raw`: what is validated, what becomes of it, and how it is stored."""
