using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>An object of a bucket.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Size">In bytes.</param>
internal readonly record struct S3Entry(string Key, long Size);

/// <summary>The requests that checkpoints need, each given up when the server is silent for too long.</summary>
/// <remarks>
/// Thread-safe. What fails is an <see cref="IOException"/> that says so in words; the SDK has then tried three times. Content is sent with its
/// digest in the signature, so that a server stores nothing but what was sent; a store's own checksums, which not every server knows, are not asked for.
/// </remarks>
internal sealed class S3Bucket : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    // A part of 16 MiB over 1 Mbit/s takes over two minutes.
    private static readonly TimeSpan SlowestContent = TimeSpan.FromMinutes(10);

    private readonly Lazy<AmazonS3Client> _connection;
    private readonly TimeProvider _time;

    public S3Bucket(S3Settings settings, TimeProvider time)
    {
        Settings = settings;
        _time = time;
        _connection = new Lazy<AmazonS3Client>(() => Connect(settings));
    }

    /// <summary>Which bucket, and how it is reached.</summary>
    public S3Settings Settings { get; }

    /// <summary>The client, made by the first request: who makes none needs nothing of the environment.</summary>
    private AmazonS3Client Client => _connection.Value;

    public void Dispose()
    {
        if (_connection.IsValueCreated)
            _connection.Value.Dispose();
    }

    /// <summary>Stores an object.</summary>
    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => TryAsync(
        $"storing {key}",
        SlowestContent,
        async token =>
        {
            await using var stream = Stream(content);
            return await Client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = Settings.Bucket,
                    Key = key,
                    InputStream = stream,
                    UseChunkEncoding = false,
                    AutoCloseStream = false,
                },
                token);
        },
        cancellationToken);

    /// <summary>Begins to read an object; null if there is none.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="offset">From where on; null is all of it, which the SDK compares with the server's tag and gives up on if they differ.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<S3Content?> GetAsync(string key, long? offset, CancellationToken cancellationToken)
    {
        var what = $"reading {key}";
        try
        {
            var response = await TryAsync(
                what,
                Silence,
                token => Client.GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = Settings.Bucket,
                        Key = key,
                        ByteRange = offset is null ? null : new ByteRange(FormattableString.Invariant($"bytes={offset}-")),
                    },
                    token),
                cancellationToken);
            return new S3Content(response, offset ?? 0, error => S3Errors.Transient(error, Settings, what), _time);
        }
        catch (IOException error) when (error.InnerException is AmazonS3Exception missing && S3Errors.IsNoSuchKey(missing))
        {
            return null;
        }
        catch (IOException error) when (error.InnerException is AmazonS3Exception { StatusCode: System.Net.HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            return new S3Content(new GetObjectResponse { ResponseStream = System.IO.Stream.Null }, 0, static error => new IOException(error.Message, error), _time);
        }
    }

    /// <summary>The objects whose names begin so, in the order of their names.</summary>
    public async IAsyncEnumerable<S3Entry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var request = new ListObjectsV2Request { BucketName = Settings.Bucket, Prefix = prefix, ContinuationToken = next };
            var page = await TryAsync($"listing {prefix}", Silence, token => Client.ListObjectsV2Async(request, token), cancellationToken);
            foreach (var entry in page.S3Objects ?? [])
                yield return new S3Entry(entry.Key, entry.Size ?? 0);

            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <summary>Whether there is an object of exactly this name and size.</summary>
    public async Task<bool> HasAsync(S3Entry wanted, CancellationToken cancellationToken)
    {
        await foreach (var entry in ListAsync(wanted.Key, cancellationToken))
            return entry == wanted;

        return false;
    }

    /// <summary>Deletes an object, if it is there.</summary>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => TryAsync(
        $"deleting {key}",
        Silence,
        token => Client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Settings.Bucket, Key = key }, token),
        cancellationToken);

    /// <summary>Begins to store an object in parts; returns the upload's name.</summary>
    public async Task<string> BeginAsync(string key, CancellationToken cancellationToken)
    {
        var begun = await TryAsync(
            $"beginning to store {key}",
            Silence,
            token => Client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = Settings.Bucket, Key = key }, token),
            cancellationToken);
        return begun.UploadId;
    }

    /// <summary>Sends a part, counted from 1; returns the tag by which it is named at the end.</summary>
    public async Task<string> PutPartAsync(string key, string upload, int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var response = await TryAsync(
            FormattableString.Invariant($"storing part {number} of {key}"),
            SlowestContent,
            async token =>
            {
                await using var stream = Stream(content);
                return await Client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = Settings.Bucket,
                        Key = key,
                        UploadId = upload,
                        PartNumber = number,
                        InputStream = stream,
                        PartSize = content.Length,
                        UseChunkEncoding = false,
                    },
                    token);
            },
            cancellationToken);
        return response.ETag;
    }

    /// <summary>The parts that have arrived: their numbers, tags and sizes; null if there is no such upload, or the server does not tell.</summary>
    public async Task<Dictionary<int, (string Tag, long Size)>?> PartsAsync(string key, string upload, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<int, (string, long)>();
        string? marker = null;
        do
        {
            var request = new ListPartsRequest { BucketName = Settings.Bucket, Key = key, UploadId = upload, PartNumberMarker = marker };
            ListPartsResponse page;
            try
            {
                page = await TryAsync($"listing the parts of {key}", Silence, token => Client.ListPartsAsync(request, token), cancellationToken);
            }
            catch (IOException error) when (error.InnerException is AmazonS3Exception gone && (S3Errors.IsNoSuchUpload(gone) || S3Errors.IsNotImplemented(gone)))
            {
                return null;
            }

            foreach (var part in page.Parts ?? [])
                parts[part.PartNumber ?? 0] = (part.ETag, part.Size ?? 0);

            marker = page.IsTruncated == true ? FormattableString.Invariant($"{page.NextPartNumberMarker}") : null;
        }
        while (marker is not null);

        return parts;
    }

    /// <summary>Makes the object of the parts.</summary>
    public Task CompleteAsync(string key, string upload, IEnumerable<(int Number, string Tag)> parts, CancellationToken cancellationToken) => TryAsync(
        $"completing {key}",
        SlowestContent,
        token => Client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = Settings.Bucket,
                Key = key,
                UploadId = upload,
                PartETags = [.. parts.Select(static part => new PartETag(part.Number, part.Tag))],
            },
            token),
        cancellationToken);

    /// <summary>The uploads in parts that were begun, and neither completed nor given up, of objects whose names begin so; none where the server does not tell.</summary>
    public async Task<IReadOnlyList<(string Key, string Upload)>> UploadsAsync(string prefix, CancellationToken cancellationToken)
    {
        var uploads = new List<(string, string)>();
        var request = new ListMultipartUploadsRequest { BucketName = Settings.Bucket, Prefix = prefix };
        try
        {
            while (true)
            {
                var page = await TryAsync($"listing the uploads of {prefix}", Silence, token => Client.ListMultipartUploadsAsync(request, token), cancellationToken);
                uploads.AddRange((page.MultipartUploads ?? []).Select(static upload => (upload.Key, upload.UploadId)));
                if (page.IsTruncated != true)
                    return uploads;

                (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
            }
        }
        catch (IOException error) when (error.InnerException is AmazonS3Exception unknown && S3Errors.IsNotImplemented(unknown))
        {
            return uploads;
        }
    }

    /// <summary>Gives an upload in parts up, and has the server drop what has arrived, if it is there.</summary>
    public async Task AbortAsync(string key, string upload, CancellationToken cancellationToken)
    {
        try
        {
            await TryAsync(
                $"giving up storing {key}",
                Silence,
                token => Client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = Settings.Bucket, Key = key, UploadId = upload }, token),
                cancellationToken);
        }
        catch (IOException error) when (error.InnerException is AmazonS3Exception gone && (S3Errors.IsNoSuchUpload(gone) || S3Errors.IsNotImplemented(gone)))
        {
            // Somebody else has, or the server cannot.
        }
    }

    private async Task<T> TryAsync<T>(string what, TimeSpan patience, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await send(either.Token);
        }
        catch (Exception error) when (S3Errors.IsOfRequest(error) && !cancellationToken.IsCancellationRequested)
        {
            throw S3Errors.Transient(error, Settings, what);
        }
        catch (Exception error) when (S3Errors.IsOfRequest(error) && error is not OperationCanceledException)
        {
            // However the SDK says that it was cancelled.
            throw new OperationCanceledException(what, error, cancellationToken);
        }
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> content) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    private static AmazonS3Client Connect(S3Settings settings)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = settings.Endpoint is not null,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        if (settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = settings.Region ?? "us-east-1";
        }
        else if (settings.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        try
        {
            return new AmazonS3Client(config);
        }
        catch (Exception error) when (error is AmazonClientException or AmazonServiceException)
        {
            throw S3Errors.Request(error, settings, "connecting");
        }
    }
}
