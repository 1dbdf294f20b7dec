"""Sources as declared: what each extract delivers, when, and what its rows may hold.."""
