"""A small Transformer (Vaswani et al. 2017) with pre-normalisation and one embedding for source, target and output."""

import math
from typing import List, NamedTuple, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from corpus import BEGIN, END, PAD, padded


LONGEST = 64  # positions of a sentence, begin or end included


class Dropouts(NamedTuple):
    """Probabilities in 0 … 1: on what a block adds and on embeddings, on attention weights, after the ReLU."""

    residual: float
    attention: float
    relu: float


class Cache:
    """Keys and values of one attention during decoding; grows by one position a step, or is fixed."""

    def __init__(self) -> None:
        self.keys: Optional[Tensor] = None
        self.values: Optional[Tensor] = None


class Attention(nn.Module):
    """Multi-head attention with dropout on its weights."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)
        self.dropout = 0.0

    def project(self, memory: Tensor) -> Tuple[Tensor, Tensor]:
        """Keys and values, each (batch, heads, positions, width of a head)."""
        keys, values = self.key_value(memory).chunk(2, dim=-1)
        return self._split(keys), self._split(values)

    def forward(self, x: Tensor, keys: Tensor, values: Tensor, hidden: Optional[Tensor]) -> Tensor:
        """`hidden` is true where a position must not be seen."""
        query = self._split(self.query(x))
        scores = query @ keys.transpose(-2, -1) / math.sqrt(query.shape[-1])
        if hidden is not None:
            scores = scores.masked_fill(hidden, -1e9)
        weights = functional.dropout(scores.softmax(dim=-1), self.dropout, self.training)
        return self.out((weights @ values).transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    """Two layers with a ReLU between."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.rise = nn.Linear(width, inner)
        self.fall = nn.Linear(inner, width)
        self.dropout = 0.0

    def forward(self, x: Tensor) -> Tensor:
        return self.fall(functional.dropout(functional.relu(self.rise(x)), self.dropout, self.training))


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward, each normalised before and added to what went in."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.attention = Attention(width, heads)
        self.feed_forward = FeedForward(width, inner)
        self.dropout = nn.Dropout(0.0)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        y = self.norms[0](x)
        x = x + self.dropout(self.attention(y, *self.attention.project(y), hidden))
        return x + self.dropout(self.feed_forward(self.norms[1](x)))


class DecoderLayer(nn.Module):
    """As the encoder's, with attention to the source between."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.attention = Attention(width, heads)
        self.source_attention = Attention(width, heads)
        self.feed_forward = FeedForward(width, inner)
        self.dropout = nn.Dropout(0.0)

    def forward(self, x: Tensor, source: Tuple[Tensor, Tensor], hidden: Optional[Tensor], source_hidden: Tensor,
                cache: Optional[Cache] = None) -> Tensor:
        y = self.norms[0](x)
        keys, values = self.attention.project(y)
        if cache is not None:
            if cache.keys is not None and cache.values is not None:
                keys, values = torch.cat([cache.keys, keys], dim=2), torch.cat([cache.values, values], dim=2)
            cache.keys, cache.values = keys, values
        x = x + self.dropout(self.attention(y, keys, values, hidden))
        x = x + self.dropout(self.source_attention(self.norms[1](x), *source, source_hidden))
        return x + self.dropout(self.feed_forward(self.norms[2](x)))


class Transformer(nn.Module):
    """Encoder and decoder over sub-word numbers, of sentences of at most `longest` of them, begin or end included."""

    positions: Tensor

    def __init__(self, vocabulary: int, width: int, heads: int, layers: int, longest: int = LONGEST) -> None:
        super().__init__()
        self.width = width
        self.longest = longest
        self.embedding = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.embedding.weight, std=width ** -0.5)
        self.register_buffer("positions", _sinusoids(longest, width), persistent=False)
        inner = 4 * width
        self.encoder = nn.ModuleList(EncoderLayer(width, heads, inner) for _ in range(layers))
        self.decoder = nn.ModuleList(DecoderLayer(width, heads, inner) for _ in range(layers))
        self.encoder_norm = nn.LayerNorm(width)
        self.decoder_norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(0.0)

    def set_dropouts(self, dropouts: Dropouts) -> None:
        """Sets all probabilities of dropout; weights stay as they are."""
        for module in self.modules():
            if isinstance(module, nn.Dropout):
                module.p = dropouts.residual
            elif isinstance(module, Attention):
                module.dropout = dropouts.attention
            elif isinstance(module, FeedForward):
                module.dropout = dropouts.relu

    def encode(self, source: Tensor) -> Tuple[Tensor, Tensor]:
        """(batch, positions) of sub-words to (batch, positions, width), and where the source is padding."""
        hidden = (source == PAD)[:, None, None, :]
        x = self._embed(source, 0)
        for layer in self.encoder:
            x = layer(x, hidden)
        return self.encoder_norm(x), hidden

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """What the decoder has at each position of `target`, of which it sees that position and those before."""
        memory, source_hidden = self.encode(source)
        length = target.shape[1]
        future = torch.ones(length, length, dtype=torch.bool, device=target.device).triu(1)
        x = self._embed(target, 0)
        for layer in self.decoder:
            x = layer(x, layer.source_attention.project(memory), future, source_hidden)
        return self.decoder_norm(x)

    def logits(self, x: Tensor) -> Tensor:
        """Unnormalised log-probabilities of the next sub-word."""
        return functional.linear(x, self.embedding.weight)

    @torch.no_grad()
    def greedy(self, source: Tensor, longest: int) -> List[List[int]]:
        """The likeliest next sub-word, step by step, for a batch; ends with END or after `longest` sub-words."""
        memory, source_hidden = self.encode(source)
        sources = [layer.source_attention.project(memory) for layer in self.decoder]
        caches = [Cache() for _ in self.decoder]
        token = torch.full((source.shape[0], 1), BEGIN, dtype=torch.long, device=source.device)
        ended = torch.zeros(source.shape[0], dtype=torch.bool, device=source.device)
        columns: List[Tensor] = []
        for position in range(longest):
            x = self._embed(token, position)
            for layer, projected, cache in zip(self.decoder, sources, caches):
                x = layer(x, projected, None, source_hidden, cache)
            token = self.logits(self.decoder_norm(x[:, -1:])).argmax(dim=-1)
            ended = ended | (token[:, 0] == END)
            columns.append(token[:, 0])
            if bool(ended.all()):
                break
        rows = torch.stack(columns, dim=1).tolist()
        return [row[:row.index(END)] if END in row else row for row in rows]

    def _embed(self, tokens: Tensor, first: int) -> Tensor:
        positions = self.positions[first:first + tokens.shape[1]]
        return self.dropout(self.embedding(tokens) * math.sqrt(self.width) + positions)


def _sinusoids(length: int, width: int) -> Tensor:
    position = torch.arange(length, dtype=torch.float32)[:, None]
    rate = torch.exp(torch.arange(0, width, 2, dtype=torch.float32) * (-math.log(10000.0) / width))
    table = torch.zeros(length, width)
    table[:, 0::2] = torch.sin(position * rate)
    table[:, 1::2] = torch.cos(position * rate)
    return table


def loss(model: Transformer, source: Tensor, target: Tensor, smoothing: float) -> Tensor:
    """Cross-entropy per sub-word in nats, with `smoothing` of the probability spread over the vocabulary."""
    expected = target[:, 1:]
    real = expected != PAD
    log_probabilities = model.logits(model(source, target[:, :-1])[real]).log_softmax(dim=-1)
    likelihood = log_probabilities.gather(1, expected[real][:, None]).mean()
    return -(1.0 - smoothing) * likelihood - smoothing * log_probabilities.mean()


def translate(model: Transformer, sources: Sequence[List[int]], batch: int = 128) -> List[List[int]]:
    """Greedy translations in the order of the sources; like lengths share a batch."""
    was_training = model.training
    model.eval()
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    out: List[List[int]] = [[] for _ in sources]
    for start in range(0, len(order), batch):
        part = order[start:start + batch]
        rows = torch.tensor(padded([[*sources[i], END] for i in part]))
        for i, row in zip(part, model.greedy(rows, longest=min(2 * rows.shape[1] + 4, model.longest))):
            out[i] = row
    model.train(was_training)
    return out
