"""Files as they arrive: which lie in the raw folder, whether each is complete, and its copy in the vault."""
