"""What Discord checks in the bodies it is sent. One module for each kind of body."""

from .fault import Form as Form
