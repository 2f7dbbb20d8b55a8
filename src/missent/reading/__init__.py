"""Opens what a message carries: text and HTML here, everything hostile in worker processes. Hands back text as `Opened`."""
