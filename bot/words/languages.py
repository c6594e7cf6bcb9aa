"""What is said to those who write in another language than English: that the tutor reads English, in theirs."""

READS_ENGLISH = {
    "es": "Lo siento, solo leo inglés. Pregúntame en inglés, por favor; los términos técnicos los reconozco.",
    "fr": "Désolé, je ne lis que l'anglais. Pose ta question en anglais ; je reconnais les termes techniques.",
    "de": "Ich lese leider nur Englisch. Frag mich bitte auf Englisch; Fachbegriffe erkenne ich.",
    "pt": "Desculpe, só leio inglês. Pergunte em inglês, por favor; os termos técnicos eu reconheço.",
    "it": "Mi dispiace, leggo solo l'inglese. Chiedimi in inglese, per favore; i termini tecnici li riconosco.",
    "ru": "Извините, я читаю только по-английски. Спросите, пожалуйста, на английском; термины я узнаю.",
    "zh": "抱歉,我只能读懂英文。请用英文提问;专业术语我可以识别。",
    "ja": "すみません、英語しか読めません。英語で質問してください。専門用語は認識できます。",
    "ko": "죄송합니다, 저는 영어만 읽을 수 있습니다. 영어로 질문해 주세요. 전문 용어는 알아봅니다.",
    "ar": "عذرًا، أنا أقرأ الإنجليزية فقط. اسألني بالإنجليزية من فضلك؛ أتعرّف على المصطلحات التقنية.",
    "hi": "क्षमा करें, मैं केवल अंग्रेज़ी पढ़ता हूँ। कृपया अंग्रेज़ी में पूछें; तकनीकी शब्द मैं पहचानता हूँ।",
    "tr": "Üzgünüm, yalnızca İngilizce okuyorum. Lütfen İngilizce sor; teknik terimleri tanırım.",
    "id": "Maaf, saya hanya membaca bahasa Inggris. Tolong tanya dalam bahasa Inggris; istilah teknis saya kenali.",
}
"""By the code of the language, as `bot.text.languages.language_of` gives it."""
