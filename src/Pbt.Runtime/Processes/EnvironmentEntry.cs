namespace Pbt.Runtime.Processes;

/// <summary>One environment variable with its value, used as a mark that descendants inherit.</summary>
/// <remarks>
/// Unlike a process group, a session or a parent, the mark survives <c>setsid</c> and daemonising. It is lost by a
/// program that clears its environment or overwrites its memory with a process title.
/// </remarks>
public readonly record struct EnvironmentEntry
{
    /// <summary>Makes an entry.</summary>
    /// <exception cref="ArgumentException">
    /// The name is empty or holds <c>=</c>, or the name or the value holds a line break or a NUL character.
    /// </exception>
    public EnvironmentEntry(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.AsSpan().ContainsAny("=\0\n") || value.AsSpan().ContainsAny("\0\n"))
            throw new ArgumentException("An environment entry used as a mark holds no line break and no NUL.", nameof(name));
        Name = name;
        Value = value;
    }

    /// <summary>The variable's name.</summary>
    public string Name { get; }

    /// <summary>The variable's value.</summary>
    public string Value { get; }

    /// <summary>The entry as it stands in an environment: <c>NAME=value</c>.</summary>
    public override string ToString() => $"{Name}={Value}";
}
