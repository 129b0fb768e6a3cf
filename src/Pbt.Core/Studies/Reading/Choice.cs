using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>The words that a key accepts, and what each means.</summary>
internal sealed class Choice<T>(params (string Word, T Value)[] words)
    where T : notnull
{
    /// <summary>The words, the default first.</summary>
    public ImmutableArray<string> Words { get; } = [.. words.Select(static w => w.Word)];

    /// <summary>Finds what a word means.</summary>
    public bool TryFind(string word, out T value)
    {
        foreach (var (candidate, meaning) in words)
        {
            if (string.Equals(candidate, word, StringComparison.Ordinal))
            {
                value = meaning;
                return true;
            }
        }

        value = default!;
        return false;
    }

    /// <summary>The word for a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public string WordFor(T value)
    {
        foreach (var (word, meaning) in words)
        {
            if (EqualityComparer<T>.Default.Equals(meaning, value))
                return word;
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "No word stands for this value.");
    }
}
