using System.Globalization;
using System.Text;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Postgres;

/// <summary>Which study in which PostgreSQL database: <c>postgres://user@host:5432/database?study=cartpole</c>.</summary>
/// <remarks>
/// Immutable. It never holds a password: that comes from the environment or a pass file when a connection is made. Host,
/// port, database and TLS mode that the text leaves out are taken from <c>PGHOST</c>, <c>PGPORT</c>, <c>PGDATABASE</c> and
/// <c>PGSSLMODE</c> when it is read.
/// </remarks>
public sealed record PostgresAddress
{
    /// <summary>The port of a server unless something else is said.</summary>
    public const int DefaultPort = 5432;

    private const int LongestStudyName = 200;
    private const string SocketDirectory = "/run/postgresql";
    private const string Example = "an address is like postgres://user@host:5432/database?study=NAME";
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];
    private static readonly string[] Modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
    private static readonly string[] Switches = ["on", "off"];
    private static readonly string[] Keys = ["study", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "prepare"];

    private PostgresAddress()
    {
    }

    /// <summary>The host's name or address, or the directory of its Unix socket.</summary>
    public required string Host { get; init; }

    /// <summary>The port; also a part of the name of a Unix socket.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The role to connect as; null for <c>PGUSER</c>, else the user's own name.</summary>
    public string? User { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The study's name in the database; null if it is not said.</summary>
    public string? Study { get; init; }

    /// <summary>How TLS is used, in libpq's words; null for <c>prefer</c>.</summary>
    public string? SslMode { get; init; }

    /// <summary>The file with the certificates to trust; null for <c>PGSSLROOTCERT</c>, else the system's.</summary>
    public string? RootCertificate { get; init; }

    /// <summary>The file with the client's certificate; null for <c>PGSSLCERT</c>, else none.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file with the client's key; null for <c>PGSSLKEY</c>, else none.</summary>
    public string? Key { get; init; }

    /// <summary>Whether statements are prepared; false behind a pooler that cannot keep them.</summary>
    public bool Prepares { get; init; } = true;

    /// <summary>Whether a text is meant as such an address.</summary>
    public static bool IsOne(string text) => Array.Exists(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address.</summary>
    /// <param name="text">As the user gave it.</param>
    /// <param name="environment">Looks up an environment variable; null for the process's own.</param>
    /// <exception cref="InvalidRequestException">It is none, or it holds a password; the message never repeats one.</exception>
    public static PostgresAddress Parse(string text, Func<string, string?>? environment = null)
    {
        environment ??= static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        var scheme = Array.Find(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) ??
            throw new InvalidRequestException($"a store's address begins with postgres:// or postgresql://; {Example}");
        var (main, query) = Cut(text[scheme.Length..], '?');
        var (authority, path) = Cut(main, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = Cut(at < 0 ? string.Empty : authority[..at], ':');
        var options = Options(query ?? string.Empty);
        if (password is not null)
            throw Password();

        var (host, port) = HostAndPort(authority[(at + 1)..]);
        var address = new PostgresAddress
        {
            Host = options.GetValueOrDefault("host") ?? host ?? environment("PGHOST") ?? (Directory.Exists(SocketDirectory) ? SocketDirectory : "localhost"),
            Port = Number(options.GetValueOrDefault("port") ?? port ?? environment("PGPORT")),
            User = Decode(user) is { Length: > 0 } named ? named : null,
            Database = Decode(path) is { Length: > 0 } database ? database : environment("PGDATABASE") ?? throw new InvalidRequestException($"the store's address names no database; {Example}"),
            Study = options.GetValueOrDefault("study"),
            SslMode = OneOf("sslmode", options.GetValueOrDefault("sslmode") ?? environment("PGSSLMODE"), Modes),
            RootCertificate = FullPath(options.GetValueOrDefault("sslrootcert")),
            Certificate = FullPath(options.GetValueOrDefault("sslcert")),
            Key = FullPath(options.GetValueOrDefault("sslkey")),
            Prepares = !string.Equals(OneOf("prepare", options.GetValueOrDefault("prepare"), Switches), "off", StringComparison.Ordinal),
        };
        address.Check();
        return address;
    }

    /// <summary>The same database, and a study in it.</summary>
    /// <exception cref="InvalidRequestException">That cannot be a study's name.</exception>
    public PostgresAddress WithStudy(string study)
    {
        var address = this with { Study = study };
        address.Check();
        return address;
    }

    /// <summary>Whether another address means the same study, by whatever role and TLS it is reached.</summary>
    public bool IsSameStudy(PostgresAddress other) =>
        (Host, Port, Database, Study) == (other.Host, other.Port, other.Database, other.Study);

    /// <summary>The address that a study's directory names; null if it names none.</summary>
    /// <exception cref="InvalidRequestException">What stands there is no address.</exception>
    public static PostgresAddress? In(StudyDirectory directory)
    {
        try
        {
            return Parse(File.ReadAllText(directory.Store).Trim());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (InvalidRequestException e)
        {
            throw new InvalidRequestException($"{directory.Store}: {e.Message}", e);
        }
    }

    /// <summary>Notes in a study's directory that its events are in this database.</summary>
    public void WriteTo(StudyDirectory directory)
    {
        Directory.CreateDirectory(directory.Root);
        DurableFile.WriteAtomically(directory.Store, Encoding.UTF8.GetBytes(ToString() + "\n"));
    }

    /// <summary>The address, always in the same form; <see cref="Parse"/> reads it as the same.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("postgres://");
        if (User is not null)
            text.Append(Uri.EscapeDataString(User)).Append('@');

        var isSocket = Host.StartsWith('/');
        if (!isSocket)
            text.Append(Host.Contains(':') ? $"[{Host}]" : Uri.EscapeDataString(Host)).Append(CultureInfo.InvariantCulture, $":{Port}");

        text.Append('/').Append(Uri.EscapeDataString(Database));
        var separator = '?';
        void Add(string key, string? value)
        {
            if (value is null)
                return;

            text.Append(separator).Append(key).Append('=').Append(Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal));
            separator = '&';
        }

        Add("study", Study);
        Add("host", isSocket ? Host : null);
        Add("port", isSocket && Port != DefaultPort ? Port.ToString(CultureInfo.InvariantCulture) : null);
        Add("sslmode", SslMode);
        Add("sslrootcert", RootCertificate);
        Add("sslcert", Certificate);
        Add("sslkey", Key);
        Add("prepare", Prepares ? null : "off");
        return text.ToString();
    }

    private static InvalidRequestException Password() => new(
        "the store's address holds a password, which every user of this machine could read in the list of processes: leave it out, " +
        "and give it in the environment variable PGPASSWORD or in a pass file (PGPASSFILE, or ~/.pgpass)");

    private static (string Before, string? After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static Dictionary<string, string> Options(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = Cut(part, '=');
            if (key is "password" or "passfile")
                throw key is "password" ? Password() : new InvalidRequestException("the store's address has passfile=: name the file in the environment variable PGPASSFILE instead");

            if (!Keys.Contains(key, StringComparer.Ordinal))
                throw new InvalidRequestException($"the store's address has the unknown key '{key}'; there are {string.Join(", ", Keys)}");

            if (Decode(value) is not { Length: > 0 } decoded || !options.TryAdd(key, decoded))
                throw new InvalidRequestException($"the store's address must give {key} once, and a value with it");
        }

        return options;
    }

    private static (string? Host, string? Port) HostAndPort(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']');
            if (end < 0 || (end + 1 < text.Length && text[end + 1] != ':'))
                throw new InvalidRequestException($"the host of the store's address is '{text}'; an IPv6 address is like [::1]:5432");

            return (text[1..end], end + 2 < text.Length ? text[(end + 2)..] : null);
        }

        var (host, port) = Cut(text, ':');
        return (Decode(host) is { Length: > 0 } named ? named : null, port is { Length: > 0 } ? port : null);
    }

    private static int Number(string? port)
    {
        if (port is null)
            return DefaultPort;

        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536
            ? number
            : throw new InvalidRequestException($"the port of the store's address is '{port}'; it must be a number from 1 to 65535");
    }

    private static string? OneOf(string key, string? value, string[] values) => value is null || values.Contains(value, StringComparer.Ordinal)
        ? value
        : throw new InvalidRequestException($"{key} of the store's address is '{value}'; it must be one of {string.Join(", ", values)}");

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);

    private static string? Decode(string? text) => text is null ? null : Uri.UnescapeDataString(text);

    private void Check()
    {
        if (Host.Contains(','))
            throw new InvalidRequestException($"the store's address names several hosts ({Host}); give one");

        foreach (var (what, value) in new[] { ("host", Host), ("user", User), ("database", Database), ("study", Study) })
        {
            if (value is not null && value.Any(char.IsControl))
                throw new InvalidRequestException($"the {what} of the store's address holds a control character");
        }

        if (Study is { Length: 0 or > LongestStudyName })
            throw new InvalidRequestException($"the study's name in the store's address has {Study.Length} characters; it must have 1 to {LongestStudyName}");
    }
}
