using System.Security.Cryptography;
using System.Text;
using Pbt.Core.Studies;

namespace Pbt.Dashboard.Pages;

/// <summary>One file of the page.</summary>
/// <param name="Path">Where it is served.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record PageFile(string Path, string ContentType, ReadOnlyMemory<byte> Content);

/// <summary>The page, as the build put it into this assembly.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class WebPage
{
    /// <summary>What is said where the page was not built in.</summary>
    public const string Missing =
        "this pbt was built without the page of the dashboard: its build found no Node.js. Install Node.js 18 or later (Debian: apt-get install nodejs npm) and build pbt again";

    private readonly byte[] _script;
    private readonly byte[] _style;

    private WebPage(byte[] index, byte[] script, byte[] style)
    {
        (_script, _style) = (script, style);
        Files =
        [
            new PageFile("/", "text/html; charset=utf-8", index),
            new PageFile("/page.js", "text/javascript; charset=utf-8", script),
            new PageFile("/page.css", "text/css; charset=utf-8", style),
        ];
    }

    /// <summary>Whether this assembly has the page.</summary>
    public static bool IsBuilt => Resource("index.html") is not null;

    /// <summary>The files, by where they are served.</summary>
    public IReadOnlyList<PageFile> Files { get; }

    /// <summary>What the page may load: its own script and style, and data from its own server; nothing else at all.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Reads the page.</summary>
    /// <exception cref="InvalidRequestException">This pbt was built without it.</exception>
    public static WebPage Load() => Resource("index.html") is { } index && Resource("page.js") is { } script && Resource("page.css") is { } style
        ? new WebPage(index, script, style)
        : throw new InvalidRequestException(Missing);

    /// <summary>The page as one file that shows the data in it and loads nothing.</summary>
    /// <param name="title">The document's title.</param>
    /// <param name="data">What it shows: gzip of JSON.</param>
    public string WithData(string title, ReadOnlySpan<byte> data)
    {
        // In a script, "</script" may be written so that it does not end the element.
        var script = Encoding.UTF8.GetString(_script).Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        var style = Encoding.UTF8.GetString(_style);
        var policy = $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'";
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <title>{Escape(title)}</title>
            <style>{style}</style>
            </head>
            <body>
            <div id="page"><p class="lead">This report needs a browser with JavaScript.</p></div>
            <script type="application/gzip" id="data">{Convert.ToBase64String(data)}</script>
            <script type="module">{script}</script>
            </body>
            </html>

            """;
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static byte[]? Resource(string name)
    {
        using var stream = typeof(WebPage).Assembly.GetManifestResourceStream($"page/{name}");
        if (stream is null)
            return null;

        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
