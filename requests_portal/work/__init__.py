"""One verb a file: load, ask the model, record. The caller owns the transaction."""
