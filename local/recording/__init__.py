"""Records answers of a real account during ``make smoke`` and writes them as anonymous fixtures."""
