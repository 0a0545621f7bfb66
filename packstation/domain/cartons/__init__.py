"""Which cartons an order goes into, and what goes where in them."""
