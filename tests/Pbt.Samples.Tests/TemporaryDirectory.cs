namespace Pbt.Samples.Tests;

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("samples-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The only file in one of its directories.</summary>
    public byte[] BytesOf(string name) => File.ReadAllBytes(Assert.Single(Directory.GetFiles(this[name])));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
