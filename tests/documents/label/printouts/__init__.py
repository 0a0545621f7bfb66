"""What printers make of the bytes: an interpreter a language, written from the reference.

They share no code with the writers: bytes in, pictures of pages out (grey, 0 is black). An
unknown command, a byte too many or a page not printed is an error, so that nothing a writer
puts in can pass unseen.
"""
