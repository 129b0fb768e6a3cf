using System.Text.RegularExpressions;
using Pbt.Harness;

namespace Pbt.Packages.Tests;

/// <summary>The programs that the packages' readmes show, each a project that refers to that package and to nothing else.</summary>
internal static partial class ReadmeProjects
{
    /// <summary>What a program is called once it is built.</summary>
    public const string Assembly = "trainer";

    private static readonly string[] Packages = ["Pbt.Client", "Pbt.Core", "Pbt.Dashboard", "Pbt.Runtime", "Pbt.Storage", "Pbt.Testing"];

    /// <summary>Builds all of them, and returns the folder that has a folder for each package.</summary>
    public static async Task<string> BuildAsync(PackedFeed feed)
    {
        var root = feed.NewFolder("readmes");
        foreach (var package in Packages)
            Write(feed, Directory.CreateDirectory(Path.Combine(root, package)).FullName, package);

        await File.WriteAllTextAsync(
            Path.Combine(root, "readmes.slnx"),
            $"<Solution>{string.Concat(Packages.Select(static package => $"<Project Path=\"{package}/{Assembly}.{package}.csproj\" />"))}</Solution>");
        (await feed.RunAsync(root, "dotnet", "build", "readmes.slnx", "-c", "Release", "--nologo", "-v", "quiet")).Expect(0);
        return root;
    }

    private static void Write(PackedFeed feed, string folder, string package)
    {
        var readme = File.ReadAllText(Path.Combine(SystemPython.Repository, "src", package, "README.md"));
        var program = Block(readme, "csharp") ?? throw new ExpectationException($"the readme of {package} shows no program");
        var kind = program.Contains("public sealed class MemoryStudyStoreTests", StringComparison.Ordinal) ? "Library" : "Exe";
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        if (Block(readme, "yaml") is { } spec)
            File.WriteAllText(Path.Combine(folder, "study.yaml"), spec);

        File.WriteAllText(
            Path.Combine(folder, $"{Assembly}.{package}.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>{kind}</OutputType>
                <AssemblyName>{Assembly}</AssemblyName>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{feed.Version}" />
              </ItemGroup>
            </Project>
            """);
    }

    private static string? Block(string readme, string language) =>
        Fenced().Matches(readme).FirstOrDefault(match => match.Groups["language"].Value == language)?.Groups["text"].Value;

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fenced();
}
