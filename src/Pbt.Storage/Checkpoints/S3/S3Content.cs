using Amazon.S3.Model;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>The content of an object, as it arrives.</summary>
/// <remarks>Not thread-safe. A server that falls silent, or a connection that is cut, is an <see cref="IOException"/>.</remarks>
internal sealed class S3Content(GetObjectResponse response, long offset, Func<Exception, IOException> failure, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private long _left = response.ContentLength;

    /// <summary>Where in the object it begins: 0 where the server has ignored the range that was asked for.</summary>
    public long Offset { get; } = response.ContentRange is { Length: > 0 } ? offset : 0;

    /// <summary>The size of the whole object.</summary>
    public long Size => Offset + response.ContentLength;

    public void Dispose() => response.Dispose();

    /// <summary>Reads what has come; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var read = await response.ResponseStream.ReadAsync(buffer, either.Token);
            _left -= read;
            return read > 0 || _left <= 0 ? read : throw new EndOfStreamException();
        }
        catch (Exception error) when (S3Errors.IsOfRequest(error) && !cancellationToken.IsCancellationRequested)
        {
            throw failure(error);
        }
    }
}
