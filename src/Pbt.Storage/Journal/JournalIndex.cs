namespace Pbt.Storage.Journal;

/// <summary>Remembers where some versions end, so that a reader need not begin at the start.</summary>
/// <remarks>
/// Thread-safe. Of a place that it was told by a reader without a lock it is not certain that it still is one: who uses it
/// checks what is there.
/// </remarks>
internal sealed class JournalIndex
{
    private const long Step = 1 << 20;
    private readonly Lock _lock = new();
    private readonly List<JournalPosition> _places = [];
    private JournalPosition _last;
    private JournalPosition _confirmed;

    /// <summary>The end of the journal when it was last under this store's lock; the file is never shorter again.</summary>
    public JournalPosition Confirmed
    {
        get
        {
            lock (_lock)
                return _confirmed;
        }

        set
        {
            lock (_lock)
                _confirmed = value;
        }
    }

    /// <summary>Remembers a place, unless there is one near before it.</summary>
    public void Add(JournalPosition place)
    {
        lock (_lock)
        {
            if (_places.Count == 0 ? place.Offset >= Step : place.Offset >= _places[^1].Offset + Step)
                _places.Add(place);

            if (place.Offset > _last.Offset)
                _last = place;
        }
    }

    /// <summary>The latest known place at or before a version.</summary>
    public JournalPosition Find(long version)
    {
        lock (_lock)
        {
            if (_last.Version <= version)
                return _last;

            var low = 0;
            for (var high = _places.Count; low < high;)
            {
                var middle = (low + high) / 2;
                if (_places[middle].Version <= version)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low == 0 ? default : _places[low - 1];
        }
    }

    /// <summary>Forgets all places; what is confirmed stays so.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _places.Clear();
            _last = default;
        }
    }
}
