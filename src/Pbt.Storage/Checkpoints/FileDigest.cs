using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Pbt.Storage.Checkpoints;

/// <summary>The digest of a file's content, read piece by piece.</summary>
internal static class FileDigest
{
    private const int Piece = 1 << 20;

    /// <summary>How many bytes the file has, and their SHA-256 in lower-case hexadecimal.</summary>
    /// <exception cref="IOException">It could not be read.</exception>
    public static async ValueTask<(long Size, string Sha256)> OfAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(RandomAccess.GetLength(file), 1, Piece));
        try
        {
            var offset = 0L;
            int read;
            while ((read = await RandomAccess.ReadAsync(file, buffer, offset, cancellationToken)) > 0)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                offset += read;
            }

            return (offset, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
