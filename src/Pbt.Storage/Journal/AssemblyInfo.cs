using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pbt.Storage.Tests")]
[assembly: InternalsVisibleTo("Pbt.Benchmarks")]
[assembly: InternalsVisibleTo("Pbt.Nfs.TestHost")]
[assembly: InternalsVisibleTo("Pbt.Storage.TestHost")]
