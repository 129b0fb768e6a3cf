namespace Pbt.Client;

/// <summary>The worker and this trainer cannot go on together; the program must end with an error.</summary>
/// <remarks>The message says what was wrong. What the trainer was doing is repeated by pbt.</remarks>
public sealed class ProtocolException : Exception
{
    /// <summary>Carries the message.</summary>
    public ProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>Carries the message and what led to it.</summary>
    public ProtocolException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
