<<<<<<< HEAD
"""Opens what a message carries: text and HTML here, everything hostile in worker processes. Hands back text as `Opened`."""
=======
"""What stands in a message: its parts decoded to texts with their places."""
>>>>>>> main
