using System.IO.Pipes;

namespace Pbt.Runtime.Hooks;

/// <summary>A pipe that takes all that a hook prints, and keeps its beginning.</summary>
/// <remarks>What is read and forgotten costs no disk: a hook may print as much as it likes within its time.</remarks>
internal sealed class HookOutput : IDisposable
{
    private const int MostKept = 16 * 1024;

    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.None);
    private readonly MemoryStream _kept = new();
    private readonly CancellationTokenSource _enough = new();

    /// <summary>The end that the hook writes to.</summary>
    public int Descriptor => (int)_pipe.ClientSafePipeHandle.DangerousGetHandle();

    /// <summary>How many bytes came.</summary>
    public long Printed { get; private set; }

    /// <summary>The first of them.</summary>
    public ReadOnlyMemory<byte> Kept => _kept.GetBuffer().AsMemory(0, (int)_kept.Length);

    /// <summary>Closes this process's copy of the end that is written to; reads until no process has it any more.</summary>
    public async Task ReadAsync()
    {
        _pipe.DisposeLocalCopyOfClientHandle();
        var buffer = new byte[MostKept];
        try
        {
            while (await _pipe.ReadAsync(buffer, _enough.Token) is > 0 and var read)
            {
                Printed += read;
                _kept.Write(buffer, 0, (int)Math.Min(read, MostKept - _kept.Length));
            }
        }
        catch (OperationCanceledException)
        {
            // Something that the hook left running, out of its process group, still has the other end.
        }
    }

    /// <summary>Reads no more soon: what is in the pipe by then counts.</summary>
    public void StopAfter(TimeSpan patience) => _enough.CancelAfter(patience);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipe.Dispose();
        _enough.Dispose();
        _kept.Dispose();
    }
}
