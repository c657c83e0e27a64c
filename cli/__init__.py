"""The front door: argv in, sentences out."""
