"""policy-nlp codes Chinese policy documents sentence by sentence with a fine-tuned Chinese BERT."""

__version__ = "0.1.0"
