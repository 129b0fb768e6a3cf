using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Pbt.Harness;

namespace Pbt.Packages.Tests;

/// <summary>What is in the packages.</summary>
[Collection(PackedFeedTests.Name)]
public sealed partial class ContentTests(PackedFeed feed)
{
    private const string Tool = "pbt";

    private static readonly string[] LibraryNames = ["Pbt.Client", "Pbt.Core", "Pbt.Dashboard", "Pbt.Runtime", "Pbt.Storage", "Pbt.Testing"];
    private static readonly string[] AllNames = [.. LibraryNames, Tool];

    public static TheoryData<string> Libraries => [.. LibraryNames];

    public static TheoryData<string> All => [.. AllNames];

    [Fact]
    public void Every_project_that_is_a_package_is_packed_and_no_other()
    {
        var packed = Directory.GetFiles(feed.Folder, "*.nupkg").Select(path => Path.GetFileName(path)[..^$".{feed.Version}.nupkg".Length]);
        var packable = Directory.GetFiles(Path.Combine(SystemPython.Repository, "src"), "*.csproj", SearchOption.AllDirectories)
            .Count(static path => File.ReadAllText(path).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal));

        Assert.Equal(AllNames, packed.Order(StringComparer.Ordinal));
        Assert.Equal(packable, AllNames.Length);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_package_has_its_description_readme_and_licence(string package)
    {
        using var zip = ZipFile.OpenRead(feed.PathOf(package));
        var metadata = Metadata(zip);

        Assert.Equal(feed.Version, Value(metadata, "version"));
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.EndsWith(".", Value(metadata, "description"), StringComparison.Ordinal);
        Assert.Equal("the pbt authors", Value(metadata, "authors"));
        Assert.StartsWith($"# {package}\n", Text(zip, "README.md"), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Combine(SystemPython.Repository, "LICENSE")), Text(zip, "LICENSE"));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_comes_with_its_documentation_and_its_symbols_beside_it(string package)
    {
        using var zip = ZipFile.OpenRead(feed.PathOf(package));
        using var symbols = ZipFile.OpenRead(Path.ChangeExtension(feed.PathOf(package), ".snupkg"));

        Assert.NotNull(zip.GetEntry($"lib/net10.0/{package}.dll"));
        Assert.Contains("<summary>", Text(zip, $"lib/net10.0/{package}.xml"), StringComparison.Ordinal);
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{package}.pdb"));
    }

    [Fact]
    public void The_tool_has_its_symbols_inside_and_depends_on_nothing()
    {
        using var zip = ZipFile.OpenRead(feed.PathOf(Tool));

        Assert.Contains("<Command Name=\"pbt\" EntryPoint=\"pbt.dll\"", Text(zip, Named(zip, "DotnetToolSettings.xml")), StringComparison.Ordinal);
        Assert.All(["pbt.pdb", "Pbt.Core.pdb", "Pbt.Runtime.pdb"], name => Named(zip, name));
        Assert.DoesNotContain(Metadata(zip).Descendants(), static element => element.Name.LocalName == "dependency");
    }

    [Fact]
    public void The_client_depends_on_nothing()
    {
        using var zip = ZipFile.OpenRead(feed.PathOf("Pbt.Client"));

        Assert.DoesNotContain(Metadata(zip).Descendants(), static element => element.Name.LocalName is "dependency" or "frameworkReference");
    }

    [Fact]
    public void No_package_depends_on_one_that_is_not_packed()
    {
        foreach (var package in AllNames)
        {
            using var zip = ZipFile.OpenRead(feed.PathOf(package));
            var own = Metadata(zip).Descendants().Where(static element => element.Name.LocalName == "dependency")
                .Select(static element => element.Attribute("id")!.Value).Where(static id => id.StartsWith("Pbt.", StringComparison.Ordinal));
            Assert.Empty(own.Except(AllNames, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Packed_again_they_have_the_same_bytes()
    {
        foreach (var path in Directory.GetFiles(feed.Folder))
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(feed.Again, Path.GetFileName(path)))), Path.GetFileName(path));
    }

    [Fact]
    public void The_Python_client_has_the_version_of_the_packages()
    {
        var text = File.ReadAllText(Path.Combine(SystemPython.Repository, "clients", "python", "pbt_client", "_version.py"));

        Assert.Equal(feed.Version, PythonVersion().Match(text).Groups["version"].Value);
    }

    private static XElement Metadata(ZipArchive zip)
    {
        using var stream = zip.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().First();
    }

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private static string Named(ZipArchive zip, string name) => zip.Entries.Single(entry => entry.Name == name).FullName;

    private static string Text(ZipArchive zip, string path)
    {
        var entry = zip.GetEntry(path);
        Assert.True(entry is not null, $"there is no {path} among {string.Join(", ", zip.Entries.Select(static e => e.FullName))}");
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    [GeneratedRegex("__version__ = \"(?<version>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PythonVersion();
}
