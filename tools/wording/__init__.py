"""Every text people read, collected from the source and the tables, and the catalogues of it."""
