using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pbt.Storage.Tests")]
[assembly: InternalsVisibleTo("Pbt.Benchmarks")]
[assembly: InternalsVisibleTo("Pbt.Storage.TestHost")]
