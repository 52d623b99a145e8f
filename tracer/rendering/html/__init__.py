"""The page of HTML: what it needs besides the content that every format prints.

`setting` typesets in MathML in which every name and number bears the mark of its quantity
(`marking`); `answers` says what a blank of the practice mode accepts; `drawing` is the network
with the same marks; `facts` puts together what the template receives.  The page is light:
`leaning` places styles and scripts without their spaces, `shortening` scripts with short names,
`packing` leaves out of the finished page what a browser knows by itself, and `sharing` what its
script can find out.  Read by `page`.
"""
