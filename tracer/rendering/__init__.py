"""From a trace or a report to text: pages, reports and plots in every format.

Takes data of the model and names of a notation; gives strings.  All choices are made here,
none in the templates.  Read by the roof.
"""
