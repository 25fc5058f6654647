"""The findings that pre-training tells apart, and how each data set's codes map onto them."""

FINDINGS = (
    "normal", "af", "flutter", "av_block", "rbbb", "irbbb", "lbbb", "fascicular", "pvc", "pac", "st_change", "st_elevation",
    "t_change", "infarction", "lvh", "brady", "tachy", "sinus_arrhythmia", "axis", "long_qt", "low_voltage", "ivcd", "svt",
    "pace", "atrial_enlargement",
)  # fmt: skip

PTBXL_CODES = {
    "NORM": "normal", "AFIB": "af", "AFLT": "flutter", "1AVB": "av_block", "LPR": "av_block", "CRBBB": "rbbb",
    "IRBBB": "irbbb", "CLBBB": "lbbb", "ILBBB": "lbbb", "LAFB": "fascicular", "LPFB": "fascicular", "PVC": "pvc", "PAC": "pac",
    "ISC_": "st_change", "STD_": "st_change", "NST_": "st_change", "ISCAL": "st_change", "ISCIL": "st_change",
    "ISCIN": "st_change", "ISCLA": "st_change", "ISCAS": "st_change", "DIG": "st_change", "INJAS": "st_elevation",
    "INJAL": "st_elevation", "STE_": "st_elevation", "ANEUR": "st_elevation", "NDT": "t_change", "NT_": "t_change",
    "INVT": "t_change", "LOWT": "t_change", "TAB_": "t_change", "IMI": "infarction", "ASMI": "infarction", "AMI": "infarction",
    "ALMI": "infarction", "LMI": "infarction", "ILMI": "infarction", "IPMI": "infarction", "QWAVE": "infarction",
    "LVH": "lvh", "VCLVH": "lvh", "HVOLT": "lvh", "SEHYP": "lvh", "SBRAD": "brady", "STACH": "tachy",
    "SARRH": "sinus_arrhythmia", "LNGQT": "long_qt", "LVOLT": "low_voltage", "IVCD": "ivcd", "SVTAC": "svt", "PSVT": "svt",
    "PACE": "pace", "LAO/LAE": "atrial_enlargement", "RAO/RAE": "atrial_enlargement",
}  # fmt: skip

SNOMED_CODES = {
    "426783006": "normal", "164889003": "af", "164890007": "flutter", "270492004": "av_block", "59118001": "rbbb",
    "713427006": "rbbb", "713426002": "irbbb", "164909002": "lbbb", "445118002": "fascicular", "445211001": "fascicular",
    "427172004": "pvc", "17338001": "pvc", "164884008": "pvc", "284470004": "pac", "63593006": "pac", "428750005": "st_change",
    "429622005": "st_change", "164930006": "st_change", "164861001": "st_change", "413844008": "st_change",
    "164931005": "st_elevation", "164934002": "t_change", "59931005": "t_change", "164865005": "infarction",
    "164867002": "infarction", "164917005": "infarction", "164873001": "lvh", "55827005": "lvh", "426177001": "brady",
    "427084000": "tachy", "427393009": "sinus_arrhythmia", "39732003": "axis", "47665007": "axis", "111975006": "long_qt",
    "251146004": "low_voltage", "698252002": "ivcd", "426761007": "svt", "713422000": "svt", "10370003": "pace",
}  # fmt: skip

TEXT_CODES = {
    "Normal": "normal", "AF": "af", "I-AVB": "av_block", "RBBB": "rbbb", "LBBB": "lbbb", "PVC": "pvc", "PAC": "pac",
    "STD": "st_change", "STE": "st_elevation",
}  # fmt: skip
