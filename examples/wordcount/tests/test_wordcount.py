import unittest

from wordcount import count_words


class CountWordsTest(unittest.TestCase):
    def test_counts_without_regard_to_case(self):
        self.assertEqual(count_words("The cat and the hat"), [("the", 2), ("and", 1), ("cat", 1), ("hat", 1)])

    def test_keeps_apostrophes_within_words(self):
        self.assertEqual(count_words("don't 'quote'"), [("don't", 1), ("quote", 1)])

    def test_knows_other_alphabets(self):
        self.assertEqual(count_words("Ünïcode ünïcode"), [("ünïcode", 2)])

    def test_gives_no_more_than_asked_for(self):
        self.assertEqual(len(count_words("a b c d", limit=2)), 2)

    def test_an_empty_text_has_no_words(self):
        self.assertEqual(count_words(""), [])


if __name__ == "__main__":
    unittest.main()
