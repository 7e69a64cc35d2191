"""What can show that a customer asks: kinds of details that we compare with our records, no document among them."""

from enum import StrEnum


class Detail(StrEnum):
    """A kind of detail that a person gave and our records hold; the detail itself is never kept with the check."""

    NAME = "name"
    POSTAL_ADDRESS = "postal_address"
    EMAIL = "email"
    PHONE = "phone"
    DEVICE = "device"
    ORDER = "order"
    SETTING = "setting"


SAID = {
    Detail.NAME: "name",
    Detail.POSTAL_ADDRESS: "postal address",
    Detail.EMAIL: "e-mail address",
    Detail.PHONE: "telephone number",
    Detail.DEVICE: "serial number of a device",
    Detail.ORDER: "number of an order or invoice",
    Detail.SETTING: "something of the account that only its holder knows",
}
