using Pbt.Core.Studies;
using Pbt.Storage.Postgres;

namespace Pbt.Storage.Tests.Postgres;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://host/db", "postgres://host:5432/db")]
    [InlineData("postgresql://me@host:1234/db?study=a%20b", "postgres://me@host:1234/db?study=a%20b")]
    [InlineData("postgres://me@[::1]:1/db", "postgres://me@[::1]:1/db")]
    [InlineData("postgres://h/d?sslmode=verify-full&study=s&prepare=off", "postgres://h:5432/d?study=s&sslmode=verify-full&prepare=off")]
    [InlineData("postgres://me%40x@/d%2Fe?host=/var/run/pg&port=7", "postgres://me%40x@/d%2Fe?host=/var/run/pg&port=7")]
    [InlineData("postgres://h/d?study=%26%3D%3F%2F%C3%A4", "postgres://h:5432/d?study=%26%3D%3F/%C3%A4")]
    public void An_address_has_one_form_that_is_read_as_the_same(string text, string canonical)
    {
        var address = PostgresAddress.Parse(text, static _ => null);

        Assert.Equal(canonical, address.ToString());
        Assert.Equal(address, PostgresAddress.Parse(address.ToString(), static _ => null));
    }

    [Theory]
    [InlineData("postgres://me:hunter2@host/db", "PGPASSWORD")]
    [InlineData("postgres://host/db?password=hunter2", "PGPASSWORD")]
    [InlineData("postgres://host/db?passfile=hunter2", "PGPASSFILE")]
    [InlineData("postgres://host", "names no database")]
    [InlineData("mysql://host/db", "begins with postgres://")]
    [InlineData("postgres://host:99999/db", "from 1 to 65535")]
    [InlineData("postgres://host/db?sslmode=maybe", "verify-full")]
    [InlineData("postgres://host/db?studdy=x", "unknown key 'studdy'")]
    [InlineData("postgres://host/db?study=a&study=b", "study once")]
    [InlineData("postgres://host/db?study=a%00", "control character")]
    [InlineData("postgres://a,b/db", "give one")]
    public void What_is_no_address_is_refused_with_how_to_mend_it_and_never_repeats_a_password(string text, string saying)
    {
        var error = Assert.Throws<InvalidRequestException>(() => PostgresAddress.Parse(text, static _ => null));

        Assert.Contains(saying, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_text_leaves_out_comes_from_the_environment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PGHOST"] = "h", ["PGPORT"] = "7", ["PGDATABASE"] = "d", ["PGSSLMODE"] = "require" };

        Assert.Equal("postgres://h:7/d?study=s&sslmode=require", PostgresAddress.Parse("postgres://?study=s", environment.GetValueOrDefault).ToString());
        Assert.Equal("postgres://x:1/y?sslmode=disable", PostgresAddress.Parse("postgres://x:1/y?sslmode=disable", environment.GetValueOrDefault).ToString());
    }
}
