"""The page of HTML: what it needs besides the content that every format prints.

`setting` typesets in MathML in which every name and number bears the mark of its quantity
and every formula its words; `answers` says what a blank of the practice mode accepts;
`facts` puts together what the template receives; `leaning` places styles and scripts without
their spaces, `packing` makes the finished page lighter.  Read by `page`.
"""
