"""The command line: argv in, sentences out."""
