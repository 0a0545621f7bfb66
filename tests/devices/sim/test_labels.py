import pytest

from packstation.devices.sim.labels import waybill_of


@pytest.mark.parametrize(
    ("label", "waybill"),
    [
        (b"^XA^FO1,1^BCN,100^FDLP123456785CN^FS^XZ", "LP123456785CN"),
        (
            b"^XA^FO1,1^BCN^FDORDER-1^FS^FT1,1^BY3^BCN^FH_^FD>:LP_31>523456785CN^FS^XZ",
            "LP123456785CN",
        ),
        (b"^XA^FO1,1^FH_^BCN^FDA_5FB>0C^FS^XZ", "A_B>C"),
        (b"^XA^FO1,1^A0N^FDno barcode^FS^XZ", ""),
    ],
)
def test_the_waybill_in_a_label(label: bytes, waybill: str) -> None:
    assert waybill_of(label) == waybill
