"""What: protective markings and sensitive content in the text of a message. Pure: text in, findings out."""
