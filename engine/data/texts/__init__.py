"""Texts: tokenizers, the encoders that turn texts into tokens, and the files texts are read from."""
