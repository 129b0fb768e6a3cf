import unittest

import support

if support.HAS_TORCH:
    import torch
    from torch.nn import functional

    import corpus
    import model as transformer


@unittest.skipUnless(support.HAS_TORCH, support.NO_TORCH)
class ModelTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.model = transformer.Transformer(vocabulary=30, width=16, heads=2, layers=2)
        self.model.eval()
        self.source = torch.tensor([[5, 6, 7, corpus.END], [8, 9, corpus.END, corpus.PAD]])

    def test_a_decoder_position_never_sees_the_future(self):
        target = torch.tensor([[corpus.BEGIN, 10, 11, 12, 13], [corpus.BEGIN, 14, 15, 16, 17]])
        before = self.model(self.source, target)
        for position in range(1, target.shape[1]):
            changed = target.clone()
            changed[:, position:] = 20
            after = self.model(self.source, changed)
            torch.testing.assert_close(after[:, :position], before[:, :position])
            self.assertFalse(torch.allclose(after[:, position], before[:, position]))

    def test_padding_of_the_source_changes_nothing(self):
        target = torch.tensor([[corpus.BEGIN, 10, 11]])
        short = self.model(torch.tensor([[8, 9, corpus.END]]), target)
        padded = self.model(torch.tensor([[8, 9, corpus.END, corpus.PAD, corpus.PAD]]), target)
        torch.testing.assert_close(short, padded)

    def test_the_decoder_sees_the_whole_source(self):
        target = torch.tensor([[corpus.BEGIN, 10, 11]])
        one, other = (self.model(torch.tensor([[8, 9, last]]), target) for last in (3, 4))
        self.assertFalse(torch.allclose(one[:, 0], other[:, 0]))

    def test_step_by_step_decoding_agrees_with_the_whole_at_once(self):
        for row, source in zip(self.model.greedy(self.source, longest=12), self.source):
            target = torch.tensor([[corpus.BEGIN, *row]])
            likeliest = self.model.logits(self.model(source[None], target)).argmax(dim=-1)[0].tolist()
            self.assertEqual(likeliest[:len(row)], row)
            self.assertTrue(len(row) == 12 or likeliest[len(row)] == corpus.END)

    def test_translations_are_in_the_order_of_their_sources(self):
        sources = [[5, 6, 7, 8, 9], [10], [11, 12, 13], [14, 15]]
        alone = [transformer.translate(self.model, [source])[0] for source in sources]
        length = min(map(len, alone))  # a batch may go on longer, as its longest source allows
        together = transformer.translate(self.model, sources, batch=4)
        self.assertEqual([row[:length] for row in together], [row[:length] for row in alone])

    def test_the_loss_is_cross_entropy_with_label_smoothing_over_real_positions(self):
        target = torch.tensor([[corpus.BEGIN, 10, 11, corpus.END], [corpus.BEGIN, 14, corpus.END, corpus.PAD]])
        logits = self.model.logits(self.model(self.source, target[:, :-1])).flatten(0, 1)
        expected = functional.cross_entropy(logits, target[:, 1:].flatten(), ignore_index=corpus.PAD, label_smoothing=0.1)
        torch.testing.assert_close(transformer.loss(self.model, self.source, target, 0.1), expected)

    def test_each_dropout_acts_on_its_own(self):
        target = torch.tensor([[corpus.BEGIN, 10, 11]])
        plain = self.model(self.source[:1], target)
        self.model.train()
        for dropouts, differs in (((0.0, 0.0, 0.0), False), ((0.5, 0.0, 0.0), True), ((0.0, 0.5, 0.0), True), ((0.0, 0.0, 0.5), True)):
            self.model.set_dropouts(transformer.Dropouts(*dropouts))
            self.assertEqual(differs, not torch.allclose(self.model(self.source[:1], target), plain), dropouts)


if __name__ == "__main__":
    unittest.main()
