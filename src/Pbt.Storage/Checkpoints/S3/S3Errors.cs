using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Pbt.Core.Studies;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>Says in words what went wrong with a request, and whether the user must mend it.</summary>
/// <remarks>Only the error's code is repeated: a server's own words, and the SDK's, may hold what is nobody's business.</remarks>
internal static class S3Errors
{
    /// <summary>Whether the object is not there, its bucket being so.</summary>
    public static bool IsNoSuchKey(AmazonS3Exception error) => error.ErrorCode is "NoSuchKey";

    /// <summary>Whether an upload in parts is not there any more.</summary>
    public static bool IsNoSuchUpload(AmazonS3Exception error) => error.ErrorCode is "NoSuchUpload";

    /// <summary>Whether the server does not know the request at all.</summary>
    public static bool IsNotImplemented(AmazonS3Exception error) => error.StatusCode == HttpStatusCode.NotImplemented || error.ErrorCode is "NotImplemented";

    /// <summary>Whether an error is one of a request's, which it may or may not survive by itself.</summary>
    public static bool IsOfRequest(Exception error) =>
        error is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException or IOException;

    /// <summary>The error as one that passes, or that somebody can mend while the study waits.</summary>
    public static IOException Transient(Exception error, S3Settings settings, string what) =>
        new($"{what} in the bucket {settings.Bucket} of {settings.Server} failed: {Words(error)}", error);

    /// <summary>The error as one that must be mended before anything starts.</summary>
    public static InvalidRequestException Request(Exception error, S3Settings settings, string what) =>
        new($"checkpoints.store: {what} in the bucket {settings.Bucket} of {settings.Server} failed: {Words(error)}", error);

    private static string Words(Exception error) => error switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => "there is no such bucket; create it, or correct checkpoints.store",
        AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "InvalidAccessKey" } =>
            "the server does not know the access key; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, to one of its own",
        AmazonS3Exception { ErrorCode: "SignatureDoesNotMatch" } =>
            "the server does not accept the signature; check AWS_SECRET_ACCESS_KEY, and checkpoints.region",
        AmazonS3Exception { ErrorCode: "ExpiredToken" or "TokenRefreshRequired" or "InvalidToken" } => "the session token has expired or is not valid; get a new one",
        AmazonS3Exception { ErrorCode: "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" } =>
            "the bucket is in another region; correct checkpoints.region",
        AmazonS3Exception { ErrorCode: "RequestTimeTooSkewed" } => "this machine's clock and the server's are too far apart; set the clock",
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden } denied =>
            $"access is denied ({Code(denied)}); the credentials need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on its objects",
        AmazonServiceException service when (int)service.StatusCode != 0 => $"the server answered {(int)service.StatusCode} ({Code(service)})",
        AmazonServiceException or AmazonClientException when IsAboutCredentials(error) =>
            "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role",
        AmazonClientException when IsAboutRegion(error) => "no region is known; set checkpoints.region, or AWS_REGION",
        _ => Cause(error),
    };

    private static string Cause(Exception error)
    {
        for (var inner = (Exception?)error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case System.Net.Sockets.SocketException socket:
                    return $"the server cannot be reached: {socket.SocketErrorCode}";
                case System.Security.Authentication.AuthenticationException:
                    return "the server's certificate is not trusted; add its authority to the system's, or correct checkpoints.endpoint";
                case OperationCanceledException or TimeoutException:
                    return "the server does not answer";
                case HttpIOException or EndOfStreamException:
                    return "the connection was cut";
                case IOException own:
                    return own.Message;
                case HttpRequestException http:
                    if (http.InnerException is null)
                        return $"the server cannot be reached: {http.HttpRequestError}";

                    break;
                default:
                    break;
            }
        }

        return $"the request could not be made ({error.GetType().Name})";
    }

    private static string Code(AmazonServiceException error) =>
        error.ErrorCode is { Length: > 0 and < 64 } code && code.All(char.IsAsciiLetterOrDigit) ? code : "no code";

    private static bool IsAboutCredentials(Exception error) =>
        error.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase) || error.Message.Contains("IAM", StringComparison.Ordinal);

    private static bool IsAboutRegion(Exception error) => error.Message.Contains("RegionEndpoint", StringComparison.Ordinal);
}
