from asn1crypto.core import Asn1Value

class OCSPResponse(Asn1Value):
    @property
    def response_data(self) -> Asn1Value: ...
    @property
    def basic_ocsp_response(self) -> Asn1Value: ...
