"""From a symptom to its cause: what is wrong with an environment, why, and which line to change."""
