"""Invented people whose names come in every script that certs prints, the awkward ones among them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """*label* names the person in test reports; *language* is a BCP 47 tag where the script alone does not tell."""

    label: str
    name: str
    language: str = ""


PEOPLE = (
    Person("latin", "Łucja Žižková-Ångström"),
    Person("latin-long", "María de los Ángeles Fernández-Villaverde y Echevarría de la Torre Santibáñez"),
    Person("latin-rare", "Ŵil ap Ġorġ Ḥusayn-Şəhriyar Ðorđe"),
    Person("yoruba", "Adébáyọ̀ Ọ̀ṣúntókun"),
    Person("vietnamese", "Nguyễn Thị Phương Thảo"),
    Person("cyrillic", "Олександр Ґалаґан-Їжакевич"),
    Person("greek", "Ελένη Παπαδημητρίου-Γαΐτη"),
    Person("hebrew", "שרה לוי־כהן"),
    Person("hebrew-pointed", "רַבִּי יִשְׂרָאֵל"),
    Person("arabic", "محمد عبد الرحمن الحسيني"),
    Person("arabic-allah", "عبد الله بن نور الله"),
    Person("arabic-shadda", "عليّ"),
    Person("arabic-pointed", "مُحَمَّدٌ بْنُ عَبْدِ اللهِ"),
    Person("arabic-kerned", "شُكْرِيَّة"),
    Person("persian", "پریسا گودرزی‌نژاد"),
    Person("devanagari", "लक्ष्मी श्रीवास्तव"),
    Person("bengali", "মোহাম্মদ রহমান চৌধুরী"),
    Person("tamil", "தமிழ்ச்செல்வி கிருஷ்ணன்"),
    Person("thai", "สมชาย ใจดีวงศ์"),
    Person("khmer", "សុខា ចាន់ធី"),
    Person("myanmar", "မောင်မောင်လွင်"),
    Person("ethiopic", "አበበ ገብረማርያም"),
    Person("armenian", "Հայկ Գրիգորյան"),
    Person("georgian", "ნინო ბერიძე"),
    Person("gurmukhi", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"),
    Person("gujarati", "નરેન્દ્ર પટેલ"),
    Person("odia", "ସୁଭାଷ ମହାନ୍ତି"),
    Person("telugu", "వెంకటేశ్వర్లు శ్రీనివాస్"),
    Person("kannada", "ಮಂಜುನಾಥ್ ಕೃಷ್ಣಮೂರ್ತಿ"),
    Person("malayalam", "ശ്രീകുമാർ ലക്ഷ്മി"),
    Person("sinhala", "ෆාතිමා පෙරේරා"),
    Person("lao", "ສົມພອນ ສີສຸກ"),
    Person("tibetan", "བསྟན་འཛིན།"),
    Person("thaana", "އަޙްމަދު ރަޝީދު"),
    Person("nko", "ߡߊߡߊߘߎ߫ ߖߊߟߏ߫"),
    Person("tifinagh", "ⵎⵓⵃⵎⵎⴰⴷ ⴰⵣⵓⵍⴰⵢ"),
    Person("adlam", "𞤀𞤥𞤢𞤣𞤵 𞤔𞤢𞤤𞤮"),
    Person("syriac", "ܝܘܚܢܢ ܡܪܝܡ"),
    Person("ol-chiki", "ᱚᱞᱪᱤᱠᱤ ᱢᱩᱨᱢᱩ"),
    Person("meetei", "ꯂꯥꯏꯁ꯭ꯔꯝ ꯏꯕꯣꯝꯆꯥ"),
    Person("canadian", "ᐊᓕᓯ ᐃᓄᒃᓱᒃ"),
    Person("cherokee", "ᏎᏉᏯ ᎠᏂᏴᏫ"),
    Person("javanese", "ꦱꦸꦏꦂꦤ ꦧꦸꦣꦶ"),
    Person("balinese", "ᬯᬬᬦ᭄ ᬲᬸᬤᬃᬲ"),
    Person("lisu", "ꓡꓲꓢꓴ ꓐꓬꓲ"),
    Person("yi", "ꆈꌠ ꀊꇈ"),
    Person("chakma", "𑄌𑄋𑄴𑄟𑄳𑄦 𑄢𑄧𑄖𑄧𑄚𑄴"),
    Person("mongolian", "ᠪᠠᠲᠤ ᠪᠣᠯᠳ"),
    Person("chinese", "王小明"),
    Person("chinese-traditional", "陳怡君", "zh-Hant"),
    Person("japanese", "佐藤 陽菜", "ja"),
    Person("japanese-kana", "さくら タナカ"),
    Person("korean", "김민서"),
)
