using Pbt.Core.Studies;
using Pbt.Storage.Checkpoints.S3;

namespace Pbt.Storage.Tests.Checkpoints.S3;

public sealed class S3SettingsTests
{
    private static readonly CheckpointStoreSpec Plain = new("bucket", "runs");

    [Fact]
    public void What_a_machine_says_goes_before_the_spec_and_the_spec_before_what_other_programs_are_told()
    {
        var named = Plain with { Endpoint = "https://spec", Region = "spec" };

        Assert.Equal(("https://own:9000", "spec"), Place(named, ("PBT_S3_ENDPOINT", "https://own:9000/"), ("AWS_ENDPOINT_URL_S3", "https://s3"), ("AWS_REGION", "aws")));
        Assert.Equal(("https://spec", "spec"), Place(named, ("AWS_ENDPOINT_URL_S3", "https://s3"), ("AWS_ENDPOINT_URL", "https://all")));
        Assert.Equal(("https://s3", "aws"), Place(Plain, ("AWS_ENDPOINT_URL_S3", "https://s3"), ("AWS_ENDPOINT_URL", "https://all"), ("AWS_REGION", "aws"), ("AWS_DEFAULT_REGION", "other")));
        Assert.Equal(("https://all", "other"), Place(Plain, ("AWS_ENDPOINT_URL", "https://all"), ("AWS_DEFAULT_REGION", "other")));
        Assert.Equal((null, null), Place(Plain, ("PBT_S3_ENDPOINT", string.Empty)));
    }

    [Theory]
    [InlineData("6291456", 6291456L)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("1 gib", 1L << 30)]
    [InlineData("5120KiB", 5L << 20)]
    public void A_size_is_a_number_with_or_without_a_unit(string text, long expected) =>
        Assert.Equal(expected, Of(Plain, ("PBT_S3_PART_SIZE", text)).PartSize);

    [Theory]
    [InlineData("PBT_S3_PART_SIZE", "4MiB")]
    [InlineData("PBT_S3_PART_SIZE", "2GiB")]
    [InlineData("PBT_S3_PART_SIZE", "-1")]
    [InlineData("PBT_CHECKPOINT_CACHE_SIZE", "much")]
    [InlineData("PBT_CHECKPOINT_CACHE_SIZE", "99999999999999TiB")]
    [InlineData("PBT_S3_ENDPOINT", "host:9000")]
    [InlineData("AWS_ENDPOINT_URL", "ftp://host")]
    public void What_a_variable_cannot_be_is_refused_by_its_name(string name, string value) =>
        Assert.Contains(name, Assert.Throws<InvalidRequestException>(() => Of(Plain, (name, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_password_in_an_endpoint_is_refused_and_never_repeated()
    {
        var error = Assert.Throws<InvalidRequestException>(() => Of(Plain, ("PBT_S3_ENDPOINT", "https://key:s3cret@host")));

        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("without credentials", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_too_large_for_ten_thousand_parts_has_larger_ones()
    {
        const long Set = 16 << 20;
        Assert.Equal(Set, S3Upload.PartSizeOf(Set + 1, Set));
        Assert.Equal(Set, S3Upload.PartSizeOf(10_000 * Set, Set));
        var larger = S3Upload.PartSizeOf((10_000 * Set) + 1, Set);
        Assert.Equal(Set + (1 << 20), larger);
        Assert.InRange(1L << 42, 1, 10_000 * S3Upload.PartSizeOf(1L << 42, Set));
    }

    private static (string? Endpoint, string? Region) Place(CheckpointStoreSpec spec, params (string Name, string Value)[] environment)
    {
        var settings = Of(spec, environment);
        return (settings.Endpoint, settings.Region);
    }

    private static S3Settings Of(CheckpointStoreSpec spec, params (string Name, string Value)[] environment) =>
        S3Settings.Of(spec, name => environment.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.Ordinal)).Value);
}
