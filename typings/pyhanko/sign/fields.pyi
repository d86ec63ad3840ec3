from enum import Enum

class MDPPerm(Enum):
    NO_CHANGES = 1
    FILL_FORMS = 2
    ANNOTATE = 3

class SigSeedSubFilter(Enum):
    ADOBE_PKCS7_DETACHED = "/adbe.pkcs7.detached"
    PADES = "/ETSI.CAdES.detached"
