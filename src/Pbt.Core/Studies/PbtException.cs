namespace Pbt.Core.Studies;

/// <summary>The root of what pbt throws; each subtype is named for the reaction it requires.</summary>
/// <remarks>The message says what, where and how to mend it, and is fit to be shown to a user.</remarks>
public abstract class PbtException : Exception
{
    /// <summary>Carries the message.</summary>
    protected PbtException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The user must change what was asked for: a bad spec, path or argument.</summary>
public sealed class InvalidRequestException(string message, Exception? inner = null) : PbtException(message, inner);

/// <summary>Nothing was lost and the same call may succeed later: a full disk, a lock not granted, a lost connection.</summary>
public sealed class TransientStoreException(string message, Exception? inner = null) : PbtException(message, inner);

/// <summary>The store holds what pbt did not write; somebody must look before anything goes on.</summary>
public sealed class DamagedStoreException(string message, Exception? inner = null) : PbtException(message, inner);
