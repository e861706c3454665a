"""How Arabic dates look here: 1 مارس 2027، 09:30. In the digits most of the web uses.

Django has no format for a date with a time, and its numbers are not grouped.
"""

DATE_FORMAT = "j F Y"
# With marks that keep day, month and year in their order.
SHORT_DATE_FORMAT = "d\u200f/m\u200f/Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y، H:i"
SHORT_DATETIME_FORMAT = "d\u200f/m\u200f/Y، H:i"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Y"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
FIRST_DAY_OF_WEEK = 6  # Saturday
