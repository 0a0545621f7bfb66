"""The words of the postal forms in the language of the destination, which stand in brackets.

The posts' own words are English and French (`wording`); these are translations that nobody
has approved, for who reads the form at the other end (reference: customs, section 1.2: the
local language second).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from babel.languages import get_official_languages

# What the words of a language stand for, in their order.
KEYS: Final = (
    "title",
    "opened",
    "operator",
    "gift",
    "documents",
    "commercial_sample",
    "sale_of_goods",
    "returned_goods",
    "other",
    "contents",
    "quantity",
    "net",
    "value",
    "hs",
    "origin",
    "total",
    "gross",
    "total_value",
    "signature",
    "reference",
    "from",
    "to",
    "name",
    "business",
    "street",
    "place",
    "country",
    "tel",
    "importer",
    "contacts",
    "fees",
    "category",
    "comments",
    "licence",
    "certificate",
    "invoice",
    "office",
    "item",
    "see",
)

_TEXTS: Final[Mapping[str, str]] = {
    "fr": (
        "DÉCLARATION EN DOUANE|Peut être ouvert d'office|Opérateur désigné|Cadeau|"
        "Documents|Échantillon commercial|Vente de marchandises|Retour de marchandises|"
        "Autre|Description détaillée du contenu|Quantité|Poids net (kg)|Valeur et monnaie|"
        "N° tarifaire SH|Pays d'origine|Total : poids brut (kg), valeur|Poids brut total|"
        "Valeur totale|Date et signature de l'expéditeur|"
        "Référence douanière de l'expéditeur|De|À|Nom|Société|Rue|Code postal, ville|Pays|"
        "Tél.|Référence de l'importateur|Contact de l'importateur|Frais de port|"
        "Catégorie d'envoi|Observations|Licence|Certificat|Facture|"
        "Bureau d'origine, date de dépôt|N° de l'envoi|voir facture jointe"
    ),
    "de": (
        "ZOLLINHALTSERKLÄRUNG|Darf amtlich geöffnet werden|Benannter Betreiber|Geschenk|"
        "Dokumente|Warenmuster|Verkauf von Waren|Warenrücksendung|Sonstiges|"
        "Detaillierte Beschreibung des Inhalts|Menge|Nettogewicht (kg)|Wert und Währung|"
        "HS-Tarifnr.|Ursprungsland|Gesamt: Bruttogewicht (kg), Wert|Gesamtbruttogewicht|"
        "Gesamtwert|Datum und Unterschrift des Absenders|Zollreferenz des Absenders|Von|An|"
        "Name|Firma|Straße|Postleitzahl, Ort|Land|Tel.|Referenz des Importeurs|"
        "Kontakt des Importeurs|Porto und Gebühren|Art der Sendung|Bemerkungen|Lizenz|"
        "Bescheinigung|Rechnung|Aufgabestelle, Einlieferungsdatum|Sendungsnummer|"
        "siehe beigefügte Rechnung"
    ),
    "es": (
        "DECLARACIÓN DE ADUANA|Puede abrirse de oficio|Operador designado|Regalo|"
        "Documentos|Muestra comercial|Venta de mercancías|Devolución de mercancías|Otros|"
        "Descripción detallada del contenido|Cantidad|Peso neto (kg)|Valor y moneda|"
        "N.º arancelario SA|País de origen|Total: peso bruto (kg), valor|Peso bruto total|"
        "Valor total|Fecha y firma del remitente|Referencia aduanera del remitente|De|A|"
        "Nombre|Empresa|Calle|Código postal, ciudad|País|Tel.|Referencia del importador|"
        "Contacto del importador|Gastos de franqueo|Categoría del envío|Observaciones|"
        "Licencia|Certificado|Factura|Oficina de origen, fecha de depósito|N.º de envío|"
        "véase la factura adjunta"
    ),
    "it": (
        "DICHIARAZIONE DOGANALE|Può essere aperto d'ufficio|Operatore designato|Regalo|"
        "Documenti|Campione commerciale|Vendita di merci|Merce resa|Altro|"
        "Descrizione dettagliata del contenuto|Quantità|Peso netto (kg)|Valore e valuta|"
        "N. tariffario SA|Paese d'origine|Totale: peso lordo (kg), valore|"
        "Peso lordo totale|Valore totale|Data e firma del mittente|"
        "Riferimento doganale del mittente|Da|A|Nome|Ditta|Via|CAP, città|Paese|Tel.|"
        "Riferimento dell'importatore|Contatto dell'importatore|Spese postali|"
        "Categoria dell'invio|Osservazioni|Licenza|Certificato|Fattura|"
        "Ufficio d'origine, data di spedizione|N. dell'invio|vedere fattura allegata"
    ),
    "ja": (
        "税関告知書|公務により開被できる|指定事業体|贈物|書類|商品見本|商品の販売|返送品|その他|"
        "内容品の詳細な記載|数量|正味重量(kg)|価格と通貨|HSコード|原産国|合計:総重量(kg)、価格|"
        "総重量|総価格|日付と差出人の署名|差出人の税関番号|差出人|受取人|氏名|会社名|住所|"
        "郵便番号、市|国|電話|輸入者の番号|輸入者の連絡先|郵便料金|物品の種類|備考|許可書|証明書|"
        "送り状|引受局、引受日|郵便物番号|添付の送り状を参照"
    ),
    "nb": (
        "TOLLDEKLARASJON|Kan åpnes av myndighetene|Utpekt operatør|Gave|Dokumenter|Vareprøve|"
        "Salg av varer|Returvarer|Annet|Detaljert beskrivelse av innholdet|Antall|"
        "Nettovekt (kg)|Verdi og valuta|HS-tariffnr.|Opprinnelsesland|"
        "Totalt: bruttovekt (kg), verdi|Total bruttovekt|Totalverdi|"
        "Dato og avsenders underskrift|Avsenders tollreferanse|Fra|Til|Navn|Firma|Gate|"
        "Postnummer, sted|Land|Tlf.|Importørens referanse|Importørens kontakt|"
        "Porto og gebyrer|Sendingens art|Merknader|Lisens|Sertifikat|Faktura|"
        "Innleveringssted, dato|Sendingsnummer|se vedlagt faktura"
    ),
    "nl": (
        "DOUANEAANGIFTE|Mag ambtshalve worden geopend|Aangewezen aanbieder|Geschenk|"
        "Documenten|Handelsmonster|Verkoop van goederen|Retourgoederen|Overige|"
        "Gedetailleerde omschrijving van de inhoud|Aantal|Nettogewicht (kg)|"
        "Waarde en valuta|GS-tariefnr.|Land van oorsprong|"
        "Totaal: brutogewicht (kg), waarde|Totaal brutogewicht|Totale waarde|"
        "Datum en handtekening afzender|Douanereferentie van de afzender|Van|Aan|Naam|"
        "Bedrijf|Straat|Postcode, plaats|Land|Tel.|Referentie van de importeur|"
        "Contact van de importeur|Portokosten|Soort zending|Opmerkingen|Vergunning|"
        "Certificaat|Factuur|Kantoor van afgifte, datum|Zendingsnummer|"
        "zie bijgevoegde factuur"
    ),
    "pl": (
        "DEKLARACJA CELNA|Można otworzyć urzędowo|Operator wyznaczony|Prezent|Dokumenty|"
        "Próbka handlowa|Sprzedaż towarów|Zwrot towaru|Inne|Szczegółowy opis zawartości|"
        "Ilość|Masa netto (kg)|Wartość i waluta|Kod taryfy HS|Kraj pochodzenia|"
        "Razem: masa brutto (kg), wartość|Łączna masa brutto|Łączna wartość|"
        "Data i podpis nadawcy|Numer celny nadawcy|Od|Do|Nazwisko|Firma|Ulica|"
        "Kod pocztowy, miejscowość|Kraj|Tel.|Numer importera|Kontakt z importerem|"
        "Opłaty pocztowe|Rodzaj przesyłki|Uwagi|Licencja|Świadectwo|Faktura|"
        "Urząd nadania, data nadania|Nr przesyłki|zob. załączona faktura"
    ),
    "pt": (
        "DECLARAÇÃO PARA A ALFÂNDEGA|Pode ser aberto oficialmente|Operador designado|"
        "Presente|Documentos|Amostra comercial|Venda de mercadorias|"
        "Devolução de mercadorias|Outro|Descrição detalhada do conteúdo|Quantidade|"
        "Peso líquido (kg)|Valor e moeda|N.º pautal SH|País de origem|"
        "Total: peso bruto (kg), valor|Peso bruto total|Valor total|"
        "Data e assinatura do remetente|Referência aduaneira do remetente|De|Para|Nome|"
        "Empresa|Rua|Código postal, cidade|País|Tel.|Referência do importador|"
        "Contacto do importador|Porte e taxas|Categoria do objeto|Observações|Licença|"
        "Certificado|Fatura|Estação de origem, data de aceitação|N.º do objeto|"
        "ver fatura anexa"
    ),
    "ru": (
        "ТАМОЖЕННАЯ ДЕКЛАРАЦИЯ|Может быть вскрыто в служебном порядке|Назначенный оператор|"
        "Подарок|Документы|Коммерческий образец|Продажа товаров|Возврат товара|Прочее|"
        "Подробное описание вложения|Количество|Вес нетто (кг)|Стоимость и валюта|"
        "Код ТН ВЭД|Страна происхождения|Итого: вес брутто (кг), стоимость|"
        "Общий вес брутто|Общая стоимость|Дата и подпись отправителя|"
        "Таможенный номер отправителя|От кого|Кому|Имя|Организация|Улица|Индекс, город|"
        "Страна|Тел.|Номер импортера|Контакты импортера|Почтовые сборы|"
        "Категория отправления|Примечания|Лицензия|Сертификат|Счет-фактура|"
        "Место и дата подачи|Номер отправления|см. приложенный инвойс"
    ),
    "zh": (
        "报关单|可依法开拆|指定经营者|礼品|文件|商业样品|商品销售|退回货物|其他|"
        "内件详细说明|数量|净重(千克)|价值及币种|协调制度税号|原产国|总计:毛重(千克)、价值|"
        "总毛重|总价值|日期及寄件人签名|寄件人海关编号|寄件人|收件人|姓名|单位|街道|"
        "邮编、城市|国家|电话|进口商编号|进口商联系方式|邮费|邮件类别|备注|许可证|证明书|"
        "发票|收寄局、交寄日期|邮件号码|见所附发票"
    ),
}
_NORWEGIAN: Final = ("nb", "no", "nn")
SECOND: Final[Mapping[str, Mapping[str, str]]] = {
    language: dict(zip(KEYS, words.split("|"), strict=True)) for language, words in _TEXTS.items()
}


def of_locale(language: str) -> str:
    """The language of a locale as the tables have it: zh of zh_Hans, nb of the Norwegian ones."""
    short = language.replace("-", "_").split("_", maxsplit=1)[0].lower()
    return "nb" if short in _NORWEGIAN else short


def spoken(texts: Mapping[str, str], language: str) -> str:
    """What ``texts`` say in a language, "" where they do not; Norwegian goes by three codes."""
    short = of_locale(language)
    codes = _NORWEGIAN if short == "nb" else (short,)
    return next((texts[code].strip() for code in codes if texts.get(code, "").strip()), "")


class Words:
    """Words of a form: ``both`` gives a second language in brackets where there is one."""

    def __init__(self, language: str = "en") -> None:
        """``language``: of the destination, as in ``SECOND``; any other has no second words."""
        self.language = of_locale(language)
        self._second = SECOND.get(self.language, {})

    def second(self, key: str) -> str:
        """The words in brackets, "" where there are none."""
        words = self._second.get(key, "")
        return f"({words})" if words else ""

    def both(self, key: str, first: str) -> str:
        """Both languages on one line."""
        return f"{first} {self.second(key)}".strip()


@lru_cache(maxsize=300)
def language_of(country: str) -> str:
    """The second language of papers to a country: its first official one that has words, or en."""
    official: tuple[str, ...] = get_official_languages(country, de_facto=True) if country else ()
    if not official or official[0] == "en":
        return "en"
    return next((one for one in official if one in SECOND), "en")
