@echo off
rem Runs the nstm command from a checkout on Windows: needs a JDK 25 in JAVA25_HOME or JAVA_HOME, and Maven for the first use.
setlocal
set "JDK=%JAVA25_HOME%"
if not defined JDK set "JDK=%JAVA_HOME%"
if not exist "%JDK%\bin\javac.exe" goto nojdk
findstr /b /c:"JAVA_VERSION=\"25" "%JDK%\release" >nul 2>nul || goto nojdk
set "JARS=%~dp0apps\target\nstm"
if exist "%JARS%\.complete" goto run
echo nstm: building, about a minute ...
set "JAVA_HOME=%JDK%"
pushd "%~dp0"
call mvn -B -q -pl apps -am -DskipTests package || goto failed
popd
echo done> "%JARS%\.complete"
:run
"%JDK%\bin\java.exe" -XX:+UseSerialGC -Xms32m -Xmn16m -XX:MaxHeapFreeRatio=40 -XX:-ShrinkHeapInSteps --add-modules jdk.incubator.vector --enable-native-access=dev.nstm.core,dev.nstm.cuda,dev.nstm.apps,com.github.luben.zstd_jni "-Dnstm.launcher=%~dp0nstm.cmd" --module-path "%JARS%" --module dev.nstm.apps/dev.nstm.apps.command.Nstm %*
exit /b %errorlevel%
:nojdk
echo nstm: no JDK 25 found; install one (https://adoptium.net) and set JAVA25_HOME to its folder 1>&2
exit /b 1
:failed
popd
echo nstm: the build failed 1>&2
exit /b 1
