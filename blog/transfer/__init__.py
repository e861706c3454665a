"""Moving a blog in: readers make plain records, one loader stores them."""
